"""Formats of an office: a workbook, a document, a PDF. Their libraries are extras, and imported when they are asked for."""
