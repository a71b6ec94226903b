// The engine's version. It is part of every content key: another engine may compute other results.

export const ENGINE_VERSION = '0.1.0';
