"""Serve the built book on this machine: ``python -m tools.serve [port]``."""

import re
import sys
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tools.book import HTML


class Handler(SimpleHTTPRequestHandler):
    """Files as they are now, without a line for each request."""

    def end_headers(self):
        """Keep the browser from showing a page of before the last build."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def send_error(self, code, *details):
        """Show the book's own page where there is none, as a forge does."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.exists():
            super().send_error(code, *details)
            return
        text = page.read_text(encoding="utf8")
        root = re.search(r'data-content_root="([^"]*)"', text)[1]
        body = text.replace(f'="{root}', '="/').encode()  # here, the site is the root
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


def main(port=8000):
    if not HTML.exists():
        sys.exit("There is no built book yet: run `make book` first.")
    try:
        server = ThreadingHTTPServer(
            ("127.0.0.1", port), partial(Handler, directory=HTML)
        )
    except OSError as error:
        sys.exit(f"Port {port}: {error.strerror}. Try: make serve PORT=8001")
    with server:
        print(f"The book is at http://127.0.0.1:{server.server_port}/ (Ctrl-C ends)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
