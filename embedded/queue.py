"""Background jobs without Redis: one worker thread, which starts when the first job comes.

Jobs begin after the commit of the transaction that queued them, in order. `drain()` waits for (or, in tests, runs)
all of them. In a test (`frappe.in_test`, or `hold()`), jobs wait for `drain()` and then run in the caller's own
connection, so that they see its uncommitted work and a rollback undoes theirs.
"""

import queue
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import frappe


@dataclass
class Job:
	"""A call to make later, and for whom."""

	method: str | Callable
	kwargs: dict[str, Any]
	user: str
	name: str
	id: str | None = None
	failure: str | None = None
	done: bool = False

	def get_status(self, refresh: bool = True) -> str:
		"""Status as rq names it."""
		return "failed" if self.failure else "finished" if self.done else "queued"


@dataclass
class _Worker:
	jobs: queue.Queue = field(default_factory=queue.Queue)
	waiting: dict[str, Job] = field(default_factory=dict)
	thread: threading.Thread | None = None
	held: bool = False
	failures: list[str] = field(default_factory=list)


WORKER = _Worker()


def enqueue(
	method: str | Callable,
	queue: str = "default",
	timeout: int | None = None,
	event: str | None = None,
	is_async: bool = True,
	job_name: str | None = None,
	now: bool = False,
	enqueue_after_commit: bool = False,
	*,
	on_success: Callable | None = None,
	on_failure: Callable | None = None,
	at_front: bool = False,
	job_id: str | None = None,
	deduplicate: bool = False,
	at_front_when_starved: bool = False,
	**kwargs: Any,
) -> Any:
	"""Take the place of `frappe.enqueue`; the same arguments mean the same."""
	is_async = kwargs.pop("async", is_async)
	if now or not is_async:
		return frappe.call(method, **kwargs)
	if deduplicate and not job_id:
		frappe.throw(frappe._("`job_id` paramater is required for deduplication."))
	if deduplicate and job_id in WORKER.waiting:
		return None
	name = job_name or (method if isinstance(method, str) else f"{method.__module__}.{method.__qualname__}")
	job = Job(method, kwargs, frappe.session.user, name, job_id)
	if job_id:
		WORKER.waiting[job_id] = job
	if WORKER.held:
		WORKER.jobs.put(job)
	else:
		frappe.db.after_commit.add(lambda: _start(job))
		frappe.db.after_rollback.add(lambda: WORKER.waiting.pop(job_id, None))
	return job


def get_job(job_id: str) -> Job | None:
	"""A job that waits, by its id."""
	return WORKER.waiting.get(job_id)


def is_job_enqueued(job_id: str) -> bool:
	"""Whether a job with this id waits."""
	return job_id in WORKER.waiting


def hold(held: bool = True) -> None:
	"""Keep jobs until `drain()` instead of running them after commit (for tests)."""
	WORKER.held = held


def drain() -> int:
	"""Run all jobs that wait, and those they queue; returns how many ran here. Raises what a held job raises."""
	if WORKER.thread and not WORKER.held:
		WORKER.jobs.join()
		return 0
	ran = 0
	while not WORKER.jobs.empty():
		job = WORKER.jobs.get_nowait()
		try:
			_call(job)
			ran += 1
		finally:
			WORKER.waiting.pop(job.id, None)
			WORKER.jobs.task_done()
	return ran


def discard() -> None:
	"""Forget all jobs that wait."""
	WORKER.waiting.clear()
	while not WORKER.jobs.empty():
		WORKER.jobs.get_nowait()
		WORKER.jobs.task_done()


def failures() -> list[str]:
	"""Tracebacks of jobs that failed in the worker thread."""
	return WORKER.failures


def _call(job: Job) -> None:
	user = frappe.session.user
	method = frappe.get_attr(job.method) if isinstance(job.method, str) else job.method
	try:
		frappe.session.user = job.user
		method(**job.kwargs)
	finally:
		frappe.session.user = user


def _start(job: Job) -> None:
	if WORKER.thread is None or not WORKER.thread.is_alive():
		WORKER.thread = threading.Thread(target=_work, name="embedded-worker", daemon=True)
		WORKER.thread.start()
	WORKER.jobs.put(job)


def _work() -> None:
	from frappe.utils.background_jobs import execute_job

	while True:
		job = WORKER.jobs.get()
		try:
			execute_job(
				site=None, method=job.method, event=None, job_name=job.name, kwargs=job.kwargs, user=job.user
			)
			job.done = True
		except Exception:
			job.failure = traceback.format_exc()
			WORKER.failures.append(job.failure)
		finally:
			WORKER.waiting.pop(job.id, None)
			WORKER.jobs.task_done()
