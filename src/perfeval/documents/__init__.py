"""Reports that people hand in and read: a page, and a draft in Word. Their libraries come with the extra ``documents``."""
