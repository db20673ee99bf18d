"""Receipt printers: what they are told, what they answer, what that proves."""
