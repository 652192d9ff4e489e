"""From a case to arrays: structure checks, lowering to engine programs, and the reduced model for fitting."""
