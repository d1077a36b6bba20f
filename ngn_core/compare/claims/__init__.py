"""Who works on which trial, where several calls share a grid."""
