"""Workbooks of spreadsheet programs (.xlsx, ECMA-376): rows of a stranger's, and our own."""
