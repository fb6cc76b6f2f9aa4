"""The workers: inbound, delivery, schedule, engine. The only room that talks to networks."""
