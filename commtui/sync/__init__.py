"""The workers: inbound, delivery, schedule, engine. The only package that talks to networks."""
