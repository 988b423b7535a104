"""A whole Frappe site, desk and website, from the package registries alone: no bench, no database server, no Redis.

```python
import embedded

with embedded.open_site():  # a throw-away copy of the ready site, as Administrator
    import frappe

    print(frappe.get_installed_apps())
```

The files below say, each for itself, what they mend in the package and why.
"""

from typing import Any

from embedded.build import BuildFailed, ensure_site
from embedded.site import Site, connected, open_site

__all__ = [
	"BuildFailed",
	"Site",
	"connected",
	"drain",
	"ensure_site",
	"hold_jobs",
	"install_app",
	"keep_cache",
	"migrate",
	"open_site",
	"restore_cache",
	"run_scheduler_event",
	"server",
	"uninstall_app",
]


def install_app(name: str) -> None:
	"""Install an app on the open site, as `bench install-app` does."""
	from embedded.installer import install_app

	install_app(name)


def uninstall_app(name: str) -> None:
	"""Remove an app from the open site, as `bench uninstall-app` does."""
	from embedded.installer import remove_app

	remove_app(name)


def migrate() -> None:
	"""What `bench migrate` does on the open site."""
	from embedded.installer import migrate

	migrate()


def drain() -> int:
	"""Run (or wait for) all background jobs; returns how many ran in this thread."""
	from embedded import queue

	return queue.drain()


def hold_jobs(held: bool = True) -> None:
	"""Keep background jobs until `drain()` and run them in the caller's own connection."""
	from embedded import queue

	queue.hold(held)


def server(port: int | None = None) -> Any:
	"""Desk and website of the open site on loopback: a `Server` with `url`, to use as a context (or start, close)."""
	from embedded import serve

	return serve.server(port)


def keep_cache() -> None:
	"""Note what is cached at this state of the database (once, when everything tests count on is committed)."""
	from embedded import cache

	cache.keep()


def restore_cache() -> None:
	"""After a rollback to that state: bring caches back to it. Three times as fast for a test as `frappe.clear_cache`."""
	from embedded import cache

	cache.restore()


def run_scheduler_event(event: str, app: str | None = None) -> list[str]:
	"""Call every method hooked to a scheduler event ("hourly", "daily", a cron line); returns their names."""
	from embedded import scheduler

	return scheduler.run_event(event, app)
