"""A view made readable: terminal tables, JSON. Pure: values in, text out."""
