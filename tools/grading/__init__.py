"""Grade notebooks that nobody has looked at.

A student's code runs in a child process that is walled off (`sandbox`). It hands over
values and nothing else (`wire`, `worker`). The tests run here, in the process that
writes the marks, and reach the student's functions through stand-ins (`student`).
"""
