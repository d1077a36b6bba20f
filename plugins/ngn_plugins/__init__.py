"""The plugins that come with ngn; they import `ngn_core.api` alone."""
