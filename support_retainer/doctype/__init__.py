if __name__ == "support_retainer.doctype":
	raise ImportError(
		"Import DocType classes by the path Frappe uses, support_retainer.support_retainer.doctype; "
		"by this one every class would exist twice."
	)
