/* engines.h: declares the description of every engine of engines.def, so that registry and folders agree on it. */
#ifndef QN_ENGINE_ENGINES_H
#define QN_ENGINE_ENGINES_H

#include <quern/sys/engine.h>

#define QN_ENGINE(id) extern const qn_engine_desc qn__##id##_desc;
#include "engine/engines.def"
#undef QN_ENGINE

#endif
