"""Workbooks: an assessment as a spreadsheet that computes its own scores."""
