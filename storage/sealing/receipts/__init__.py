"""Receipts: eight words, drawn, and read however they are typed."""
