/* params.h - the parameters that several families of answers share. As those of
 * request.h: true, or false with a 400 problem that names the parameter. */
#ifndef SERVER_TRANSPORT_PARAMS_H
#define SERVER_TRANSPORT_PARAMS_H
#include "server/transport/reply.h"
#include "server/transport/request.h"

/* setting=practitioner|outpatient|hospital|dme; practitioner when not sent. */
bool param_setting(
    const struct request *request, struct reply *reply, enum setting *out);
/* program=medicare|medicaid; medicare when not sent. */
bool param_program(
    const struct request *request, struct reply *reply, enum program *out);
/* system=cpt,hcpcs,…; 0, any, when not sent. */
bool param_systems(
    const struct request *request, struct reply *reply, uint32_t *out);
/* limit=1 to most; 0, the default of the list, when not sent. */
bool param_limit(const struct request *request, struct reply *reply, long most,
    uint32_t *out);

#endif
