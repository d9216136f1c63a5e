from tests.servers import server, session_server, worker

__all__ = ["server", "session_server", "worker"]
