"""Documents people hand in, print or type into. Their libraries come with the extra ``documents``."""
