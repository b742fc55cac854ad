"""Documents: setting pages. One contract, a typesetter and a null twin."""
