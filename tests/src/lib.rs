//! Journeys, browser, architecture, parity of code and infrastructure.
