"""The sentences that both front ends show: outcomes and errors, from the data that the layers below return."""
