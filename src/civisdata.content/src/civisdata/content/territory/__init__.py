"""The communes, the CUB, and who may manage which commune."""
