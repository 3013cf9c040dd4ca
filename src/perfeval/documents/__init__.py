"""Documents that people hand in and read: the report as a page."""
