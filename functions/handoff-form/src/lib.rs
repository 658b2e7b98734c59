//! HTTP: the AE capability link: show, save, redraft, submit.
