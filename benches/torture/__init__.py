"""The whole terminal, tortured: what it promised is then compared in all the books there are."""
