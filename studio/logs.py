"""Structured logs: readable on a terminal, one JSON object a line elsewhere. Ids come from context variables.

Product code writes `structlog.get_logger(__name__).info("handoff queued", queue=key)` or uses `logging`; both end here.
Bind what a whole request or task is about with `structlog.contextvars.bind_contextvars(conversation_id=…)`.
"""

import logging
import logging.config
import os
import re
import sys
import warnings
from collections.abc import Mapping, MutableMapping
from typing import Any

import orjson
import structlog
from structlog.typing import Processor

# Whole words of a key, so that `token_count` is hidden too but `tokenizer` and `monkey` are not.
SECRET_WORDS = frozenset({"password", "secret", "token", "authorization", "cookie", "key", "credentials", "signature"})
HARMLESS_KEYS = frozenset({"queue_key", "destination_key"})
HIDDEN = "(hidden)"
URL_PASSWORD = re.compile(r"(?<=://)([^:/@\s]*):[^@/\s]+@")

# Chatter of libraries: (logger, level). The 1 s ticks of beat would fill the log with "received" and "succeeded".
LEVELS = {
    "celery.app.trace": "WARNING",
    "celery.worker.strategy": "WARNING",
    "celery.worker.request": "WARNING",
    "celery.beat": "WARNING",
    "httpx": "WARNING",
    "uvicorn": "WARNING",
    "django.channels.server": "WARNING",
    "asyncio": "WARNING",
}


def hide_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace values whose key speaks of a secret, and passwords inside URLs."""
    for key, value in event.items():
        if key not in HARMLESS_KEYS and not SECRET_WORDS.isdisjoint(key.lower().split("_")):
            event[key] = HIDDEN
        elif isinstance(value, str) and "://" in value:
            event[key] = URL_PASSWORD.sub(rf"\1:{HIDDEN}@", value)
    return event


def add_process(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Say which of the processes wrote the line, when the supervisor started it."""
    if name := os.environ.get("PROCESS_NAME"):
        event["process"] = name
    return event


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.ExtraAdder(),
    hide_secrets,
]


def wants_json(log_format: str) -> bool:
    """`LOG_FORMAT=json` or `text` decide; without it JSON unless a person is looking at a terminal."""
    return log_format == "json" or (log_format != "text" and not sys.stdout.isatty())


def logging_settings(*, log_format: str, level: str) -> dict[str, Any]:
    """Django's LOGGING: one handler to standard output."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"structured": {"()": "studio.logs.make_formatter", "as_json": wants_json(log_format)}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "structured"},
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "INFO", "propagate": True},
            **{name: {"level": least} for name, least in LEVELS.items()},
        },
    }


def make_formatter(*, as_json: bool) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(as_json=as_json)],
    )


def configure(config: Mapping[str, Any]) -> None:
    """Django's LOGGING_CONFIG: standard logging and structlog through the same processors."""
    # Whitenoise serves the few bytes synchronously; under ASGI Django warns at every file.
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
    logging.captureWarnings(capture=True)
    logging.config.dictConfig(dict(config))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _renderers(*, as_json: bool) -> list[Processor]:
    if not as_json:
        colors = sys.stdout.isatty() or "FORCE_COLOR" in os.environ
        # The default formatter prints the local variables of every frame: messages, tokens, passwords.
        return [structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)]
    return [add_process, structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_to_json)]


def _to_json(event: Any, **_options: Any) -> str:
    return orjson.dumps(event, default=repr, option=orjson.OPT_NON_STR_KEYS).decode()
