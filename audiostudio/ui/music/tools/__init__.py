"""Tools for any music, made here or brought along: fit, extend, loop, remix, analyse, take apart."""
