/* basis.c: the table of gate sets. A gate set is one row. */
#include "circuit/passes/basis.h"

#include <string.h>

#include "base/status.h"
#include "base/suggest.h"

static const qn__basis bases[] = {
    {{"clifford+t", "h s sdg x y z cx t tdg", "error-corrected hardware; rotations are approximated"},
     QN__LOCAL_CLIFFORD_T,
     QN_GATE_CX,
     "clifford_t h,s,t,cx"},
    {{"h,t,cx", "h t cx", "the smallest universal set with fixed angles; rotations are approximated"},
     QN__LOCAL_H_T,
     QN_GATE_CX,
     "h,cx,t"},
    {{"rz,sx,cx", "rz sx x cx", "superconducting, CX as the native pair gate"}, QN__LOCAL_SX, QN_GATE_CX, "rz,sx,x,cx"},
    {{"rz,sx,cz", "rz sx x cz", "superconducting with tunable couplers"}, QN__LOCAL_SX, QN_GATE_CZ, "rz,sx,x,cz"},
    {{"rz,sx,ecr", "rz sx x ecr", "superconducting, echoed cross resonance"}, QN__LOCAL_SX, QN_GATE_ECR, "rz,sx,x,ecr"},
    {{"cz,prx", "prx cz", "phased rotations; rz is a change of frame and costs nothing"},
     QN__LOCAL_PRX,
     QN_GATE_CZ,
     "prx,cz"},
    {{"rzz,u", "u rzz", "trapped ions"}, QN__LOCAL_U, QN_GATE_RZZ, "u,rzz"},
    {{"rzz,prx", "prx rzz", "trapped ions, phased rotations; rz is a change of frame"},
     QN__LOCAL_PRX,
     QN_GATE_RZZ,
     "prx,rzz"},
    {{"rxx,rx,rz", "rx rz rxx", "trapped ions, Molmer-Sorensen gate"},
     QN__LOCAL_RX,
     QN_GATE_RXX,
     "rx,rz,rxx rz,rx,rxx"},
    {{"rx,rz,cz", "rx rz cz", "superconducting, full x rotations"}, QN__LOCAL_RX, QN_GATE_CZ, "rz,rx,cz"},
    {{"ry,rz,cx", "ry rz cx", "textbook: rotations and CX"}, QN__LOCAL_RY, QN_GATE_CX, "rz,ry,cx"},
    {{"u,cx", "u cx", "one general one-qubit gate and CX"}, QN__LOCAL_U, QN_GATE_CX, "cx,u u3,cx"},
    {{"u,cz", "u cz", "one general one-qubit gate and CZ"}, QN__LOCAL_U, QN_GATE_CZ, "cz,u u3,cz"},
    {{"rz,h,cx", "rz h cx", "phase rotations and Hadamard gates; the form for counting T"},
     QN__LOCAL_H,
     QN_GATE_CX,
     "h,rz,cx"},
};
enum { COUNT = sizeof bases / sizeof *bases };

size_t qn_basis_count(void)
{
    return COUNT;
}

const qn_basis_info *qn_basis_describe(size_t index)
{
    return index < COUNT ? &bases[index].info : NULL;
}

static bool listed(const char *list, const char *name)
{
    const size_t length = strlen(name);
    while (*list != '\0') {
        const size_t word = strcspn(list, " ");
        if (word == length && memcmp(list, name, length) == 0) {
            return true;
        }
        list += word;
        list += strspn(list, " ");
    }
    return false;
}

static const char *name_at(const void *user, size_t index)
{
    (void)user;
    return bases[index].info.name;
}

qn_status qn__basis_find(const char *name, const qn__basis **out)
{
    for (size_t i = 0; i < COUNT; i++) {
        if (strcmp(bases[i].info.name, name) == 0 || listed(bases[i].others, name)) {
            *out = &bases[i];
            return QN_OK;
        }
    }
    const char *nearest = qn__suggest(name, COUNT, name_at, NULL);
    if (nearest != NULL) {
        return QN_FAIL(ERR_NAME, "no gate set is called \"%.64s\"; did you mean \"%s\"?", name, nearest);
    }
    return QN_FAIL(ERR_NAME, "no gate set is called \"%.64s\"; there are clifford+t, rz,sx,cx and %d more", name,
                   COUNT - 2);
}
