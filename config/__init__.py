"""Settings: the schema, the defaults, how a wrong value is reported."""
