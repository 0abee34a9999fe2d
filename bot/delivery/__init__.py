"""What happens without anybody doing anything: notices are sent, times pass, silence is noticed."""
