"""The sentences that both front ends show, made from data of the layers below: outcomes and errors."""
