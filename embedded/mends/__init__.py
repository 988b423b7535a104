"""What is changed in the framework's source while it is copied, and why; see each file.

A mend that no longer fits its source stops the build with a sentence naming it. One that is no longer needed is deleted.
"""

from embedded.mend import Mend
from embedded.mends import apps, database, desk, missing, services, site, web

MENDS: list[Mend] = [
	*site.MENDS,
	*apps.MENDS,
	*database.MENDS,
	*services.MENDS,
	*missing.MENDS,
	*desk.MENDS,
	*web.MENDS,
]
