"""The central service, as a terminal sees it and as a city runs it."""
