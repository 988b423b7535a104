"""Support Retainer: support sold by the hour on ERPNext, with promises the system keeps."""

__version__ = "0.1.0"
