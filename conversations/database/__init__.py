"""PostgreSQL as the event loop talks to it: a pool for reads, and lanes for the one statement that is hot.

Django's own connections are synchronous and bound to threads; a hop to a thread per message costs six to
twenty times the statement itself.
"""

from conversations.database.gathering import gathered
from conversations.database.lane import ConnectionLost, Lane, Row, Statement
from conversations.database.pool import async_pool, close_async_pool, connection_parameters, fetch_all, on_close

__all__ = [
    "ConnectionLost",
    "Lane",
    "Row",
    "Statement",
    "async_pool",
    "close_async_pool",
    "connection_parameters",
    "fetch_all",
    "gathered",
    "on_close",
]
