list(APPEND QN_ENGINE_SOURCES reference/engine.c reference/state.c)
