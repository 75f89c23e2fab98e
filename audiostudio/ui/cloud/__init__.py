"""AI voices: the tab of services that speak for the user, and what every tab shows of their costs."""
