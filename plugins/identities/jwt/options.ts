const claim = (description: string) => ({ type: 'string', minLength: 1, maxLength: 200, description })
const words = (description: string) => ({
  type: 'array',
  minItems: 1,
  items: { type: 'string', minLength: 1, maxLength: 200 },
  description,
})

/** Options of identities that go by claims: which of them say who the person is. */
export const personOptions = {
  operator: claim('The claim that holds the operator: sub, preferred_username. Left out: tokens name no operator.'),
  roles: claim('The claim that holds roles or groups: groups, realm_access.roles.'),
  strong: {
    type: 'object',
    additionalProperties: false,
    properties: {
      acr: words('Values of `acr` that say that a second factor was used.'),
      amr: words('Values of `amr`, one of which says so: mfa, otp, hwk.'),
    },
    description: 'What makes a sign-in a strong identity.',
  },
}
