"""No Redis, no socket.io, no log folder: see `embedded/cache.py` and `embedded/queue.py`."""

from embedded.mend import Swap, Take

MENDS = [
	Take("utils/redis_wrapper.py", "embedded.cache", ("setup_cache",)),
	Take("utils/redis_wrapper.py", "embedded.cache", ("erase_persistent_caches",), within="ClientCache"),
	Take("utils/background_jobs.py", "embedded.queue", ("enqueue", "is_job_enqueued", "get_job")),
	Swap(
		"migrate.py",
		"\t\tservice_status = check_connection(",
		"\t\treturn True\n\n\t\tservice_status = check_connection(",
	),
	Swap(
		"realtime.py",
		"\tfrom frappe.utils.background_jobs import get_redis_connection_without_auth\n",
		"\treturn\n\n\tfrom frappe.utils.background_jobs import get_redis_connection_without_auth\n",
	),
	Swap(
		"utils/logger.py", 'stream_logging = os.environ.get("FRAPPE_STREAM_LOGGING")', "stream_logging = True"
	),
	# A site's name is no folder of the working folder.
	Swap("utils/logger.py", "if site and not stream_only:", "if False:"),
]
