from support_retainer import portal

no_cache = 1


def get_context(context):
	portal.show_approvals(context)
