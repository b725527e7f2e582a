"""Nothing but an interpreter that answers: what the memory of the Python contenders begins with."""

from serve import serve

serve(lambda _: [])
