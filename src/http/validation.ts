import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { getMetadataStorage, registerDecorator } from 'class-validator';
import type { FieldProblem } from '../domain/errors';
import { DomainError } from '../domain/errors';
import { nearest } from '../domain/nearest';

const decimalPattern = /^-?(0|[1-9]\d{0,19})(\.\d{1,18})?$/;

/** A plain decimal string, not negative: what money, prices and quantities are in a body. */
export function IsDecimal(options: { readonly isPositive?: boolean } = {}): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name: 'decimalString',
      target: target.constructor,
      propertyName: String(property),
      validator: {
        validate: (value: unknown) =>
          typeof value === 'string' &&
          decimalPattern.test(value) &&
          !value.startsWith('-') &&
          !(options.isPositive === true && /^0(\.0*)?$/.test(value)),
        defaultMessage: () =>
          `must be a decimal string ${options.isPositive === true ? 'above' : 'of at least'} 0, like "0.25"`,
      },
    });
}

/** Whitelists, forbids unknown fields, converts nothing; every problem at once, each with its pointer. */
export const createValidationPipe = (): ValidationPipe =>
  new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    transformOptions: { enableImplicitConversion: false },
    stopAtFirstError: true,
    validationError: { target: true, value: true },
    exceptionFactory: (errors) => {
      const fields = errors.flatMap((error) => fieldProblems(error, ''));
      const first = fields[0]!;
      return new DomainError(first.code, `${first.pointer} ${first.detail}`, first.hint ?? '', fields);
    },
  });

function fieldProblems(error: ValidationError, at: string): readonly FieldProblem[] {
  const pointer = `${at}/${error.property}`;
  const own = Object.entries(error.constraints ?? {}).map(([name, text]) =>
    name === 'whitelistValidation'
      ? unknownField(error, pointer)
      : {
          pointer,
          code: codeOf(name, error.value),
          detail: text.replace(new RegExp(`^${error.property} `), ''),
        },
  );
  return [...own, ...(error.children ?? []).flatMap((child) => fieldProblems(child, pointer))];
}

const codeOf = (constraint: string, value: unknown): string => {
  if (value === undefined) return 'REQUIRED';
  if (constraint === 'decimalString') return 'DECIMAL_STRING_REQUIRED';
  return ['min', 'max', 'matches', 'isIn', 'maxLength', 'minLength'].includes(constraint)
    ? 'OUT_OF_RANGE'
    : 'TYPE_MISMATCH';
};

function unknownField(error: ValidationError, pointer: string): FieldProblem {
  const target = (error.target as object).constructor;
  const known = getMetadataStorage()
    .getTargetValidationMetadatas(target, '', false, false)
    .map((metadata) => metadata.propertyName);
  const meant = nearest(error.property, [...new Set(known)]);
  const hint = meant ? `Did you mean ${meant}?` : `Known fields: ${[...new Set(known)].join(', ')}.`;
  return { pointer, code: 'UNKNOWN_FIELD', detail: 'is not a field of this request.', hint };
}
