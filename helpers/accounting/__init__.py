"""What a Keras model costs: parameters, multiply-adds, memory, and what it sees."""

from helpers.accounting._account import account
from helpers.accounting._report import Account, Row, Totals
from helpers.accounting._weightless import weightless

__all__ = ["Account", "Row", "Totals", "account", "weightless"]
