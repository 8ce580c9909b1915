import { Body, Controller, Get, HttpCode, Post, SetMetadata } from '@nestjs/common';
import { DomainError } from '../../domain/errors';
import { LoginDto } from './auth.dto';
import { AuthService, adminUser } from './auth.service';
import { publicRoute } from './public';

@Controller('api/v1')
export class AuthHttpController {
  constructor(private readonly auth: AuthService) {}

  @Post('auth/login')
  @HttpCode(200)
  @SetMetadata(publicRoute, true)
  logIn(@Body() body: LoginDto): object {
    return { accessToken: this.tokenFor(body), expiresInSeconds: this.auth.expiresInSeconds, user: userView };
  }

  @Get('auth/me')
  me(): object {
    return userView;
  }

  @Post('stream-tickets')
  @HttpCode(201)
  ticket(): object {
    return this.auth.streamTicket();
  }

  private tokenFor({ username, password, token }: LoginDto): string {
    if (token !== undefined) return this.auth.logInWithLink(token);
    if (username !== undefined && password !== undefined)
      return this.auth.logInWithPassword(username, password);
    const missing = username === undefined ? 'username' : 'password';
    const field = { pointer: `/${missing}`, code: 'REQUIRED', detail: 'is missing' };
    throw new DomainError('REQUIRED', `/${missing} is missing.`, 'Send username and password.', [field]);
  }
}

const userView = { username: adminUser, role: 'admin' } as const;
