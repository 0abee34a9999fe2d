"""What is asked, decided and allowed: pure Python and data files, with no I/O, no clock and no locale."""
