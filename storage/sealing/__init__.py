"""All cryptography of Hark, as pure modules: no database, no network, no clock of their own."""
