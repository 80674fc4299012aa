list(APPEND QN_ENGINE_SOURCES reference/engine.c reference/live.c reference/state.c)
