"""The mathematics: data, losses, objectives, optimizers, sampling and descent. It needs numpy only.

Conventions everywhere: `X` has shape (n_samples, n_features), `y` and `labels` have shape (n_samples,),
labels are 0 or 1, and `params` has shape (n_params,) with the weights first and the intercept last.
"""
