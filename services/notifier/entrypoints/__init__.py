"""The notifier's doors: its API and its Celery task."""
