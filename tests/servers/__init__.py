"""Real servers for tests: the third-party mock, a proxy that does harm on demand, and a server of ours with quirks."""
